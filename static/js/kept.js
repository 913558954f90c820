/** The articles that can be read on this device without a network. */

/** Where they are kept, and the addresses of all of them, the last one read first. */
export async function articles() {
  const name = globalThis.caches && (await caches.keys()).find((one) => one.startsWith("pages/"));
  const pages = name && (await caches.open(name));
  const all = (await pages?.keys()) ?? [];
  return [pages, all.filter(({ url }) => /\/articles\/[^/]+\/$/.test(url)).reverse()];
}

/** On the page that stands in for one that is not here: what is. */
async function show(list) {
  const [pages, all] = await articles();
  for (const request of all) {
    const page = new DOMParser().parseFromString(await (await pages.match(request)).text(), "text/html");
    const link = Object.assign(document.createElement("a"), { href: request.url, dir: "auto" });
    link.textContent = page.querySelector("h1")?.textContent ?? page.title;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  list.closest("[hidden]")?.toggleAttribute("hidden", !all.length);
}

const list = document.getElementById("kept-articles");
if (list) show(list);
