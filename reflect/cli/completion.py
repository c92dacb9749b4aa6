"""`reflect completion`: what makes a shell offer commands, options, ids and names while one types."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from reflect.cli.desk import desk
from reflect.errors import Usage

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_BASH = r"""# reflect: completion for bash
_reflect_completion() {
    local line=${COMP_LINE:0:$COMP_POINT} word=$2 whole lead='' paths='' value note
    local -a values=() notes=()
    [[ $word == [=:] ]] && word=''
    whole=${line##*[[:space:]]}
    # bash replaces only what stands after a = or a :, so the rest goes from each value
    [[ $whole == *"$word" ]] && lead=${whole%"$word"}
    lead=${lead#[\'\"]}
    {
        IFS= read -r paths
        while IFS=$'\t' read -r value note; do
            value=${value#"$lead"}
            [[ -n $value ]] || continue
            if [[ $whole != [\'\"]* && $value == *[!A-Za-z0-9_./+=:@%,-]* ]]; then
                printf -v value '%q' "$value"
            fi
            values+=("$value")
            notes+=("$note")
        done
    } < <(printf '%s' "$line" | _REFLECT_COMPLETE=bash reflect 2>/dev/null)
    COMPREPLY=()
    if (( ${#values[@]} > 1 )) && [[ $COMP_TYPE != 37 && $COMP_TYPE != 42 ]]; then
        local at
        for at in "${!values[@]}"; do
            COMPREPLY+=("${values[at]}${notes[at]:+  (${notes[at]})}")
        done
    elif (( ${#values[@]} )); then
        COMPREPLY=("${values[@]}")
    elif [[ $paths == files ]]; then
        compopt -o default 2>/dev/null
    elif [[ $paths == folders ]]; then
        compopt -o dirnames 2>/dev/null
    fi
}
complete -o nosort -F _reflect_completion reflect 2>/dev/null || complete -F _reflect_completion reflect
"""

_ZSH = r"""#compdef reflect
# reflect: completion for zsh
_reflect() {
    local line paths
    local -a lines values shown
    lines=("${(@f)$(printf '%s\0' "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" |
        _REFLECT_COMPLETE=zsh reflect 2>/dev/null)}")
    paths=$lines[1]
    for line in "${(@)lines[2,-1]}"; do
        values+=("${line%%$'\t'*}")
        shown+=("${line%%$'\t'*}${${line#*$'\t'}:+  (${line#*$'\t'})}")
    done
    (( $#values )) && compadd -l -V reflect -d shown -a values
    case $paths in
        files) _files ;;
        folders) _files -/ ;;
    esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _reflect "$@"
else
    compdef _reflect reflect
fi
"""

_FISH = r"""# reflect: completion for fish
function __reflect_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -e words[1]
    set -l answer (string join0 -- $words "$current" | _REFLECT_COMPLETE=fish reflect 2>/dev/null)
    switch "$answer[1]"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current"
    end
    set -e answer[1]
    string join \n -- $answer
end
complete --command reflect --no-files --keep-order --arguments '(__reflect_complete)'
"""

SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@app.command()
def completion(
    ctx: typer.Context, shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]
) -> None:
    """Print what makes your shell complete commands, options, ids and names.

    Put it where your shell looks, and open a new terminal:

    bash: reflect completion bash > ~/.local/share/bash-completion/completions/reflect

    zsh: add `eval "$(reflect completion zsh)"` to ~/.zshrc, after compinit

    fish: reflect completion fish > ~/.config/fish/completions/reflect.fish

    Without the package bash-completion, add `eval "$(reflect completion bash)"` to
    ~/.bashrc. Pressing Tab then shows ids with their date and what they are about, never
    an entry's words; it changes nothing, and an encrypted journal stays closed.

    Examples:

    reflect completion bash

    reflect completion fish > ~/.config/fish/completions/reflect.fish
    """
    desk(ctx)
    if shell not in SCRIPTS:
        raise Usage(f"there is no completion for {shell!r}", why="there are " + ", ".join(SCRIPTS))
    sys.stdout.write(SCRIPTS[shell])
