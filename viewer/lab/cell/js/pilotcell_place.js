// Another language loads the page anew: what one had open, chosen and in sight comes back with it.

const key = () => `pilotcell_place ${location.pathname}`;

function shownTabs() {
  return [...document.querySelectorAll(".lab-tabs [data-tab][aria-selected=true]")].map((tab) => tab.dataset.tab);
}

// Remember the place when the language is switched; returns an end of that.
export function keepPlace(cell) {
  const keep = (event) => {
    if (!event.target.closest?.('[data-act="language"]')) return;
    const { pilotline, pilotrobot } = window;
    const place = { tabs: shownTabs(), body: cell.chosen ?? null, robot: pilotrobot?.chosen.id, eye: pilotline?.eye };
    sessionStorage.setItem(key(), JSON.stringify(place));
  };
  document.addEventListener("click", keep, true);
  return () => document.removeEventListener("click", keep, true);
}

// Go back there, once.
export function takePlace(cell) {
  const kept = sessionStorage.getItem(key());
  sessionStorage.removeItem(key());
  if (kept === null) return;
  const { tabs, body, robot, eye } = JSON.parse(kept);
  cell.wanted = robot;
  for (const tab of tabs) cell.tell("show", tab);
  const wait = setInterval(() => {
    if (cell.closed) clearInterval(wait);
    if (cell.closed || !window.pilotline?.frames) return;
    clearInterval(wait);
    if (eye) window.pilotline.lookFrom(eye);
    if (body) cell.choose(body);
  }, 50);
}
