/* Locking what is left on a shared phone: AES-GCM under a key that only the PIN gives (PBKDF2), opened by the same PIN. */
const ROUNDS = 600000;
const text = new TextEncoder();

async function keyOf(pin, salt, rounds) {
  const raw = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, raw, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const bytesOf = (text64) => Uint8Array.from(atob(text64), (letter) => letter.charCodeAt(0));

function text64(bytes) {
  let found = "";
  for (let at = 0; at < bytes.length; at += 8192) found += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192));
  return btoa(found);
}

/* {rounds, salt, iv, data} in base64: the content under the PIN. */
export async function seal(content, pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(pin, salt, ROUNDS);
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text.encode(JSON.stringify(content)));
  return { rounds: ROUNDS, salt: text64(salt), iv: text64(iv), data: text64(new Uint8Array(data)) };
}

/* The content; null when the PIN is not the one. */
export async function unseal(sealed, pin) {
  try {
    const key = await keyOf(pin, bytesOf(sealed.salt), sealed.rounds);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytesOf(sealed.iv) }, key, bytesOf(sealed.data));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch (error) {
    return null;
  }
}

export const blobAsText = async (blob) => text64(new Uint8Array(await blob.arrayBuffer()));
export const textAsBlob = (text_) => new Blob([bytesOf(text_)], { type: "image/jpeg" });
