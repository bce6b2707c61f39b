// Starts the viewer once its service worker is active: on a first visit it would otherwise ask the
// server for pages that only the worker can give. The viewer's own script waits for the page's load
// event, so it is in the page from the start.
"use strict";
const place = document.getElementById("relecture");
const refused = document.getElementById("refus");

async function ready() {
  const found = await navigator.serviceWorker.register("/replay/sw.js?serveIndex=1", { scope: "/replay/" });
  const worker = found.installing || found.waiting;
  if (found.active || !worker) return;
  await new Promise((done) => {
    worker.addEventListener("statechange", () => { if (worker.state === "activated") done(); });
  });
}

async function start() {
  await ready();
  const viewer = document.createElement("replay-web-page");
  for (const name of ["source", "url", "ts"]) viewer.setAttribute(name, place.dataset[name]);
  viewer.setAttribute("replaybase", "/replay/");
  viewer.setAttribute("embed", "replayonly");
  viewer.setAttribute("sandbox", "");
  place.append(viewer);
}

if (!navigator.serviceWorker) refused.hidden = false;
else start().catch(() => { refused.hidden = false; });
