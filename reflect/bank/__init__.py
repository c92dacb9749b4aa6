"""The questions: read and check packs, choose the next one."""
