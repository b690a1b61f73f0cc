/* Keeps the archive's addresses short: fields that are empty are left out of what htmx asks for and pushes. */
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("form[data-tidy]")) return;
  const given = event.detail.formData;
  for (const [name, value] of [...given.entries()]) if (value === "") given.delete(name);
});
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
