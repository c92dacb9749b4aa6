// Counts the time down between two words of the laptop, shows what changed, and sends forms
// until the laptop says that they were saved. Without it the page works by plain forms.
"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const room = at("room");
  const base = room.dataset.base;
  const title = document.title;
  let ended = false;
  const ALIVE = 30000; // milliseconds without a word after which the laptop is asked anew

  // -- what is said aloud ------------------------------------------------------------------

  let waiting = [];
  let speaking = 0;
  const say = (words) => {
    if (!words || ended) return;
    waiting.push(words);
    clearTimeout(speaking); // what comes at once is said at once: a reader drops what is replaced too soon
    speaking = setTimeout(() => {
      at("told").textContent = waiting.join(" ");
      waiting = [];
    }, 150);
  };
  const put = (id, words) => {
    at(id).textContent = words;
  };

  // -- the time ------------------------------------------------------------------------------

  let timer = null;
  let since = 0;
  let shown = -1;
  const left = () =>
    timer.runs ? Math.max(0, timer.left - (performance.now() - since) * timer.pace) : timer.left;
  const show = () => {
    if (!timer || !timer.of) return;
    const now = left();
    const seconds = Math.ceil(now / 1000);
    at("bar").value = now;
    if (seconds === shown) return;
    at("clock").textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    const mark = timer.marks.find(([second]) => shown > second && seconds <= second);
    if (mark && timer.runs && (timer.of !== "turn" || mine.turn)) say(mark[1]);
    shown = seconds;
  };
  const set = (found) => {
    if (timer && timer.of === found.of && timer.whole === found.whole && timer.runs && found.runs && found.of) {
      const drift = Math.round(left() - found.left);
      at("clock").dataset.drift = drift;
      put("drift", "This page and the laptop tell the time " + Math.abs(drift) + " milliseconds apart.");
    } else {
      shown = -1;
    }
    timer = found;
    since = performance.now();
    at("clock").dataset.left = found.left;
    at("bar").max = found.whole || 1;
    at("time").hidden = !found.of;
    show();
  };
  setInterval(show, 200);

  // -- what changed ----------------------------------------------------------------------------

  let mine = { turn: false };
  let told = null;
  let heard = performance.now();

  const own = (found) => {
    if (found.tell[0] && found.tell[0] !== (mine.tell || [])[0]) say(found.tell[1]);
    mine = found;
    at("yours").hidden = !found.turn;
    at("soon").hidden = !found.next;
    at("back").hidden = found.here;
    at("leaving").hidden = !found.here;
    at("ready").value = found.ready ? "no" : "yes";
    at("ready").textContent = found.ready ? "I need more time" : "I am ready";
    document.title = found.turn ? "Your turn – " + title : title;
  };

  const tidy = (html) => {
    const made = document.createElement("template");
    made.innerHTML = html;
    return made.content;
  };

  const writing = (step) => {
    const form = at("answer");
    const field = form.elements.step;
    const busy = form.elements.words.value.trim() !== "" || form.dataset.sending;
    const before = Number(field.value);
    room.dataset.write = step;
    if (step >= 0 && (!busy || before < 0)) field.value = step;
    const answers = Number(field.value);
    const earlier = busy && answers !== step;
    if (earlier && !at("earlier-question").textContent) put("earlier-question", asked[answers] || "");
    at("earlier").hidden = !earlier;
    at("writing").hidden = step < 0 && !busy;
    if (step >= 0 || busy) {
      form.hidden = false;
      at("another").hidden = true;
    }
  };
  const asked = {};

  const now = (found) => {
    const first = told === null;
    if (found.write >= 0) asked[found.write] = found.asks;
    at("stage").replaceChildren(tidy(found.html));
    if ("lines" in found) at("lines").replaceChildren(tidy(found.lines));
    room.dataset.phase = found.phase;
    if (found.timer.of !== "turn") at("yours").hidden = true;
    own(found.mine);
    at("turn-key").value = (found.news.turn || [""])[0];
    at("readying").hidden = !(found.readying && found.mine.here);
    set(found.timer);
    writing(found.write);
    for (const [name, [key, words]] of Object.entries(found.news)) {
      const mineToo = name === "turn" && (found.mine.turn || found.mine.next);
      if (!first && key && key !== (told[name] || [""])[0] && !mineToo) say(words);
    }
    if (!first && found.news.step && found.news.step[0] !== (told.step || [""])[0]) put("said", "");
    told = found.news;
    if (found.phase === "closed") end();
  };

  // -- the laptop's word -------------------------------------------------------------------------

  let source = null;

  const end = () => {
    ended = true;
    timer = null;
    clearTimeout(speaking);
    if (source) source.close();
    document.querySelector(".skip").remove();
    const words = document.createElement("template");
    words.innerHTML =
      '<h2 tabindex="-1" id="over">The session has ended</h2>' +
      "<p>What was written for this room only is gone from the laptop, with the names. You can close this page.</p>";
    room.replaceChildren(words.content);
    document.title = "The session has ended";
    history.replaceState(null, "", "/");
    at("over").focus();
  };

  const lost = async () => {
    if (ended) return;
    put("lost", "The laptop does not answer. What was saved is safe there; trying again.");
    try {
      const answer = await fetch(base, { cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.status === 410) end();
      else if (answer.status === 404) put("lost", "This page is nobody’s any more. Join again with the code.");
    } catch {
      // still away
    }
  };

  const listen = () => {
    if (ended) return;
    if (source) source.close();
    source = new EventSource(base + "/live");
    const hear = (act) => (event) => {
      heard = performance.now();
      put("lost", "");
      act(JSON.parse(event.data));
    };
    source.addEventListener("now", hear(now));
    source.addEventListener("time", hear(set));
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
      lost();
    });
  };
  setInterval(() => {
    if (performance.now() - heard > ALIVE) {
      heard = performance.now();
      lost();
      listen();
    }
  }, 5000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) listen(); // a phone that slept has missed what was said
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });

  // -- forms ---------------------------------------------------------------------------------------

  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  const post = async (form, body) => {
    const giveUp = new AbortController();
    const late = setTimeout(() => giveUp.abort(), 10000);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        cache: "no-store",
        headers: { Accept: "application/json" },
        signal: giveUp.signal,
      });
      return [answer.status, await answer.json()];
    } catch {
      return [0, {}];
    } finally {
      clearTimeout(late);
    }
  };

  const read = (form, button) => {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    return fields;
  };

  const saved = (form, body, found) => {
    put("said", found.said);
    put("called", found.name ? "You are called " + found.name + " here." : "");
    at("answers").replaceChildren(tidy(found.answers));
    own(found.mine);
    if (form.id !== "answer") return;
    if (body.get("for") === "group" && at("own")) at("own").open = true;
    if (form.elements.words.value !== body.get("words")) return; // written on meanwhile: the same answer, saved again
    form.reset();
    form.elements.words.value = "";
    for (const each of form.querySelectorAll("[type=radio], [type=checkbox]")) each.checked = each.value === "room";
    form.elements.key.value = found.key;
    put("earlier-question", "");
    put("writing-title", "Your answer");
    if (location.search) history.replaceState(null, "", base);
  };

  const send = async (form, button) => {
    if (form.dataset.sending) return; // a double tap
    form.dataset.sending = "yes";
    if (button) button.setAttribute("aria-disabled", "true");
    put("wrong", "");
    put("said", form.id === "answer" ? "Saving…" : "");
    let body = read(form, button);
    let [status, found] = await post(form, body);
    while ((status === 0 || status === 503) && !ended) {
      put("said", "");
      put("wrong", "Not saved yet: the laptop does not answer. Trying again; keep this page open.");
      await pause(2000);
      body = read(form, button);
      [status, found] = await post(form, body);
    }
    put("wrong", "");
    delete form.dataset.sending;
    if (button) button.removeAttribute("aria-disabled");
    if (ended) return;
    if (status === 200) saved(form, body, found);
    else {
      put("said", "");
      if (found.ended) return end();
      put("wrong", found.said || "That did not work. Try again.");
    }
    if (at("answer")) writing(Number(room.dataset.write));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter);
  });

  writing(Number(room.dataset.write));
  listen();
})();
