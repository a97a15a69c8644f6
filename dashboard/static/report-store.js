/* What the report page keeps on the phone: reports that wait, the form as it stands, enterprises seen before.
 *
 *   gridguardReport.store → { isLasting(), put(kind, value), get(kind, key), all(kind), remove(kind, key) }
 *
 * Kinds: "reports" by token, "drafts" by person, "enterprises" by id. A browser that keeps nothing still works, in
 * memory; then `isLasting()` says no. */
(function () {
  "use strict";

  const KEYS = { reports: "token", drafts: "person", enterprises: "id" };
  const memory = { reports: new Map(), drafts: new Map(), enterprises: new Map() };
  let lasting = true;

  const opened = new Promise(function (done) {
    let request;
    try {
      request = indexedDB.open("gridguard-report", 1);
    } catch (error) {
      lasting = false;
      done(null);
      return;
    }
    request.onupgradeneeded = function () {
      for (const [kind, key] of Object.entries(KEYS)) { request.result.createObjectStore(kind, { keyPath: key }); }
    };
    request.onsuccess = () => done(request.result);
    request.onerror = function () { lasting = false; done(null); };
  });

  /* One transaction; resolves when it is on the disk, not before. */
  async function within(kind, mode, ask) {
    const database = await opened;
    if (!database) { return undefined; }
    return new Promise(function (done, failed) {
      const transaction = database.transaction(kind, mode, { durability: "strict" });
      const request = ask(transaction.objectStore(kind));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  }

  async function put(kind, value) {
    memory[kind].set(value[KEYS[kind]], value);
    try {
      await within(kind, "readwrite", (store) => store.put(value));
    } catch (error) {
      lasting = false;  // full, or not allowed: what is in memory is all there is
    }
  }

  async function get(kind, key) {
    const found = await within(kind, "readonly", (store) => store.get(key));
    return found || memory[kind].get(key) || null;
  }

  async function all(kind) {
    const found = await within(kind, "readonly", (store) => store.getAll());
    const known = new Map(memory[kind]);
    for (const value of found || []) { known.set(value[KEYS[kind]], value); }
    return [...known.values()];
  }

  async function remove(kind, key) {
    memory[kind].delete(key);
    await within(kind, "readwrite", (store) => store.delete(key));
  }

  if (navigator.storage && navigator.storage.persist) { navigator.storage.persist().catch(() => undefined); }
  globalThis.gridguardReport = { store: { put, get, all, remove, isLasting: () => lasting } };
})();
