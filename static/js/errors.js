/* After a refused form: the summary of errors takes the focus, so that it is the first thing read. */
document.querySelector("[data-error-summary]")?.focus();
