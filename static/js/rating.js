/* Shows the chosen stop of the rating rail as a number while it is chosen; the form works without. */
for (const scale of document.querySelectorAll("[data-rating]")) {
  const readout = scale.querySelector("[data-rating-readout]");
  scale.addEventListener("change", (event) => {
    if (event.target.type === "radio") readout.textContent = (event.target.value / 2).toFixed(1);
  });
}
