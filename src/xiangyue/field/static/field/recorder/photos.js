/* Photos: shrunk on the phone to 200 KB through a canvas, which keeps the pixels and nothing else, and sent in parts. */
const MOST_SIDE = 1600, MOST_BYTES = 200 * 1024;
export const PART = 32 * 1024;
export const MOST = 3;

async function pictureOf(file) {
  if (window.createImageBitmap) {
    try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch (error) { /* the next way */ }
  }
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => { URL.revokeObjectURL(image.src); resolve(image); };
    image.onerror = () => { URL.revokeObjectURL(image.src); reject(new Error("no picture")); };
    image.src = URL.createObjectURL(file);
  });
}

const asJpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

/* A JPEG of at most 200 KB without any metadata; throws when the file is no picture. */
export async function shrink(file) {
  const picture = await pictureOf(file);
  let side = MOST_SIDE;
  for (;;) {
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (const quality of [0.82, 0.7, 0.55, 0.4]) {
      const blob = await asJpeg(canvas, quality);
      if (blob && blob.size <= MOST_BYTES) return blob;
    }
    side = Math.round(side * 0.75);
  }
}

export async function digest(blob) {
  const found = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const partsOf = (size) => Math.ceil(size / PART);

/* Sends the parts that the server has not got; gives its last answer {state, words, mend}. `send(path, options)` is fetch. */
export async function upload(row, send) {
  let told = await send(row.sha256, {});
  while (told.state === "waiting") {
    const here = new Set(told.have);
    let next = 0;
    while (here.has(next)) next++;
    if (next >= partsOf(row.blob.size)) return { state: "again" };
    told = await send(row.sha256 + "/" + next, { method: "PUT", body: row.blob.slice(next * PART, (next + 1) * PART) });
  }
  return told;
}
