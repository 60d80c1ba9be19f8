// What pages do beyond links and forms. Everything works without it.
(() => {
  "use strict";

  // "/" leads to the filter, as on many sites; not while somebody writes.
  document.addEventListener("keydown", (event) => {
    const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
    if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector("#filter, .filters input");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  });

  // A click elsewhere closes the list of columns.
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.chooser[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

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
