/* What the phone keeps, in IndexedDB: records until they are answered, photos until they are whole, each user's apart. */
const NAME = "xiangyue-recorder";
let opened = null;

export function open() {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        const base = asked.result;
        base.createObjectStore("records", { keyPath: "id" }).createIndex("user", "user");
        base.createObjectStore("photos", { keyPath: "id" }).createIndex("user", "user");
        base.createObjectStore("days", { keyPath: "user" });
        base.createObjectStore("sealed", { keyPath: "user" });
        base.createObjectStore("meta", { keyPath: "key" });
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    });
  }
  return opened;
}

/* Runs `act` over the stores in one transaction; resolves once it is on the disk, never before. */
export async function change(names, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const names_ = [].concat(names);
    let made;
    try { made = base.transaction(names_, "readwrite", { durability: "strict" }); } catch (error) { reject(error); return; }
    const stores = names_.map((name) => made.objectStore(name));
    made.oncomplete = () => resolve();
    made.onabort = made.onerror = () => reject(made.error);
    act(...stores);
  });
}

async function asked(name, how) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const request = how(base.transaction(name).objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const get = (name, key) => asked(name, (store) => store.get(key));
export const all = (name) => asked(name, (store) => store.getAll());
export const ofUser = (name, user) => asked(name, (store) => store.index("user").getAll(user));
export const put = (name, ...rows) => change(name, (store) => rows.forEach((row) => store.put(row)));
export const remove = (name, ...keys) => change(name, (store) => keys.forEach((key) => store.delete(key)));

export async function meta(key) {
  const row = await get("meta", key);
  return row ? row.value : undefined;
}

export const setMeta = (key, value) => put("meta", { key, value });
