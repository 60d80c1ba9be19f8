// What pages do beyond links and forms. Everything works without it.
(() => {
  "use strict";

  // The search of every page: "/" opens it, but not while somebody writes, and Ctrl-K or Cmd-K does always.
  const palette = document.getElementById("palette");
  if (palette?.showModal) {
    const field = palette.querySelector("input[name=q]");
    const list = document.getElementById("palette-found");
    let asked;
    let running;
    let timer;
    const ask = async () => {
      const question = field.value.trim();
      if (question === asked) return;
      asked = question;
      running?.abort();
      running = new AbortController();
      try {
        const query = new URLSearchParams({ q: question, part: "list" });
        const answer = await fetch(`${list.dataset.from}?${query}`, { signal: running.signal });
        if (!answer.ok) throw new Error(answer.status);
        const text = await answer.text();
        list.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      } catch (cause) {
        // The next letter asks again; the form leads to the page of the search, which says what is wrong.
        if (cause.name !== "AbortError") asked = undefined;
      }
    };
    const open = () => {
      if (palette.open) return;
      palette.showModal();
      field.select();
      ask();
    };
    document.addEventListener("keydown", (event) => {
      const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const isSlash = event.key === "/" && isPlain && !writes;
      const isK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!isSlash && !isK) return;
      event.preventDefault();
      open();
    });
    document.addEventListener("click", (event) => {
      if (event.target === palette || event.target.closest?.("[data-closes=palette]")) palette.close();
      if (event.ctrlKey || event.metaKey || event.shiftKey || !event.target.closest?.("[data-opens=palette]")) return;
      event.preventDefault();
      open();
    });
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, 120);
    });
    // The arrows go from the field through what was found and back.
    palette.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.isComposing) return;
      const places = [field, ...list.querySelectorAll("a")];
      const next = places.indexOf(document.activeElement) + step;
      event.preventDefault();
      places[(next + places.length) % places.length].focus();
    });
    // Whoever has found something goes there; the page of the search is for those who have not.
    palette.querySelector("form").addEventListener("submit", (event) => {
      const first = list.querySelector("a");
      if (!first || field.value.trim() !== asked) return;
      event.preventDefault();
      first.click();
    });
  }

  // A click elsewhere, or Escape, closes what was opened.
  const close = (isLeft) => {
    for (const open of document.querySelectorAll("details.chooser[open], details.popover[open]")) {
      if (isLeft(open)) open.open = false;
    }
  };
  document.addEventListener("click", (event) => close((open) => !open.contains(event.target)));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || palette?.open) return;
    const inside = document.activeElement?.closest("details.popover[open]");
    close(() => true);
    inside?.querySelector("summary").focus();
  });

  // A list that is narrowed changes the address and not the rest of its page: what leads back, or is saved, is the
  // address at hand.
  const here = () => location.pathname + location.search;
  document.addEventListener("submit", (event) => {
    const name = event.target.dataset.here;
    if (name) event.target.elements[name].value = here();
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-here]");
    if (!link) return;
    const to = new URL(link.href);
    to.searchParams.set(link.dataset.here, here());
    link.href = to.href;
  }, true);

  // What a mark of a chart comes to, beside the pointer or the mark that has the focus.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);
  const show = (mark, x, y) => {
    tip.textContent = mark.dataset.t;
    tip.hidden = false;
    const width = document.documentElement.clientWidth;
    tip.style.left = `${Math.max(4, Math.min(x + 12, width - tip.offsetWidth - 4))}px`;
    tip.style.top = `${y + 16}px`;
  };
  document.addEventListener("mousemove", (event) => {
    const mark = event.target.closest?.("[data-t]");
    if (mark) show(mark, event.clientX, event.clientY);
    else tip.hidden = true;
  });
  document.addEventListener("focusin", (event) => {
    const mark = event.target.closest?.("[data-t]");
    if (!mark) {
      tip.hidden = true;
      return;
    }
    const place = mark.getBoundingClientRect();
    show(mark, place.left, place.top);
  });

  // What happens in a run is told by the server; the page then fetches itself anew, at most once a second.
  const watched = document.querySelector("[data-events]");
  if (watched) {
    const source = new EventSource(watched.dataset.events);
    let timer;
    const happened = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        document.getElementById(watched.id)?.dispatchEvent(new Event("trimtab:happened"));
      }, 1000);
    };
    source.addEventListener("entry", happened);
    for (const last of ["end", "failure"]) {
      source.addEventListener(last, () => {
        source.close();
        happened();
      });
    }
    window.addEventListener("pagehide", () => source.close());
  }

  // What is sent twice by a double click would be decided twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
