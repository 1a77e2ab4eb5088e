/* Reads a QR with the phone's own detector, where it has one: the contact card or a place's sign names its code. */
import { app } from "./app.js";
import { button, h } from "./dom.js";

export const canScan = () => "BarcodeDetector" in window && Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

/* The code of one of my places that the text of a QR, or what was typed, names; empty when none does. */
export function placeIn(text) {
  const codes = Object.keys(app.day.places);
  const named = codes.filter((code) => text.includes(code)).sort((one, two) => two.length - one.length);
  return named[0] || "";
}

/* Shows the camera until a QR of a place of mine is seen; gives its code, or empty when closed. No picture is kept. */
export function scan() {
  return new Promise((resolve) => {
    const video = h("video", { playsinline: true, muted: true, class: "r-video" }), words = h("p", { role: "status" }, "把二维码放进画面里。");
    const box = h("dialog", { class: "y-dialog r-dialog", "aria-label": "扫码" }, video, words);
    let stream = null, open = true;
    const done = (code) => {
      open = false;
      if (stream) stream.getTracks().forEach((track) => track.stop());
      box.close();
      box.remove();
      resolve(code);
    };
    box.append(button("", "x", "关闭", () => done("")));
    box.addEventListener("cancel", () => done(""));
    document.body.append(box);
    box.showModal();
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const look = async () => {
      if (!open) return;
      const seen = await detector.detect(video).catch(() => []);
      for (const one of seen) {
        const code = placeIn(one.rawValue);
        if (code) { done(code); return; }
        words.textContent = "这个码不是您名单里的户或地点。请换一个，或在名单里找。";
      }
      setTimeout(look, 200);
    };
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then((got) => {
      stream = got;
      video.srcObject = got;
      return video.play();
    }).then(look).catch(() => { words.textContent = "打不开摄像头。请在手机设置里允许，或按门牌号查找。"; });
  });
}
