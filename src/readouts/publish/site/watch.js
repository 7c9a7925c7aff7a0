// Shows the next build as soon as it is there, or what stands in its way. The server of `readouts site --watch` adds
// this script to the pages that it sends; no page of a built site has it.
"use strict";

(() => {
  const shown = new URL(document.currentScript.src).searchParams.get("built");
  const trouble = document.createElement("pre");
  trouble.setAttribute("role", "alert");
  Object.assign(trouble.style, {
    position: "fixed", inset: "auto 0 0 0", zIndex: 99, margin: 0, padding: "1rem", maxHeight: "50vh", overflow: "auto",
    whiteSpace: "pre-wrap", background: "#7d1414", color: "#fff", font: "14px/1.5 monospace",
  });

  const wait = (state) => {
    const script = document.createElement("script");
    script.src = `/~wait.js?state=${state}`;
    script.onload = () => script.remove();
    script.onerror = () => {
      script.remove();
      setTimeout(wait, 1000, "");
    };
    document.head.append(script);
  };

  window.readoutsWatch = (state, built, message) => {
    if (built !== shown) {
      location.reload();
      return;
    }
    trouble.textContent = message;
    if (message) document.body.append(trouble);
    else trouble.remove();
    wait(state);
  };

  addEventListener("load", () => wait(""));
})();
