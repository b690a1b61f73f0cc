/* Keeps "in 2 days" true while a page stays open: every <time data-relative> is worded anew each minute.
   Without JavaScript the server's words stand. */
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });

function relative(seconds) {
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  return words.format(Math.trunc(seconds / size), unit);
}

function refresh() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    time.textContent = relative((Date.parse(time.dateTime) - Date.now()) / 1000);
  }
}

setInterval(refresh, 60_000);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
