/* A sleeve in a grid grows into the sleeve of the page that it leads to, and back. The page's own sleeve has its
   name from hero.css; the tile gets the same name just for the moment, and only where browsers can do this. */
const link = (address) => document.querySelector(`a.tile-title[href="${CSS.escape(new URL(address).pathname)}"]`);

function nameSleeve(address, done) {
  if (!address || document.querySelector(".hero-cover .cover")) return;
  const sleeve = link(address)?.closest(".tile")?.querySelector(".cover");
  if (!sleeve) return;
  sleeve.style.viewTransitionName = "cover";
  done.then(() => { sleeve.style.viewTransitionName = ""; });
}

addEventListener("pageswap", (event) => {
  if (event.viewTransition) nameSleeve(event.activation?.entry?.url, event.viewTransition.finished);
});
addEventListener("pagereveal", (event) => {
  if (event.viewTransition) nameSleeve(globalThis.navigation?.activation?.from?.url, event.viewTransition.ready);
});
