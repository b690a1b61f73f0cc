/* A button beside each field that is there to be copied. Without JavaScript, or where the browser forbids copying
   (a site without https), the field stands alone and its text can be selected. */
const { copy, copied } = document.querySelector("script[data-copied]").dataset;

function addButton(field) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button-quiet button-small", textContent: copy });
  const said = Object.assign(document.createElement("span"), { className: "visually-hidden" });
  button.setAttribute("aria-describedby", field.id);
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = said.textContent = copied;
    setTimeout(() => { button.textContent = copy; said.textContent = ""; }, 2000);
  });
  field.after(button, said);
}

for (const field of document.querySelectorAll("input[data-copy]")) {
  field.addEventListener("focus", () => field.select());
  if (navigator.clipboard) addButton(field);
}
