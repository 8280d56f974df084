const fields = ["suite", "split", "style", "kind"].map((id) => document.getElementById(id));
const words = document.getElementById("words");
const failures = [...document.querySelectorAll(".failure")];
const shown = document.getElementById("shown");

function show() {
  const wanted = words.value.trim().toLowerCase();
  let count = 0;
  for (const failure of failures) {
    const fits = fields.every((field) => !field.value || failure.dataset[field.id] === field.value);
    failure.hidden = !(fits && failure.textContent.toLowerCase().includes(wanted));
    count += failure.hidden ? 0 : 1;
  }
  shown.textContent = `${count} of ${failures.length}`;
}

for (const field of [...fields, words]) field.addEventListener("input", show);
show();
