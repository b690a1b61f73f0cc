/* Offers the browser's time zone where the member has not chosen one yet; it is stored with the form, or not at all. */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const field of document.querySelectorAll("select[data-zone]")) {
  const known = [...field.options].some((option) => option.value === zone);
  if (known && field.value === "UTC" && field.querySelector("option[selected]")?.value === "UTC") field.value = zone;
}
