/**
 * Runs in the page, not here: moves it in each frame for a while, and counts the frames.
 *
 * @param {{ move: "pan" | "zoom" | "scroll", zoomedIn: number, forMs: number }} moves
 */
export async function movePage({ move, zoomedIn, forMs }) {
  const lane = document.querySelector(".lane");
  const scroller = document.querySelector(".waterfall");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const press = (key) => dispatchEvent(new KeyboardEvent("keydown", { key }));
  const wheel = (init) =>
    lane.dispatchEvent(
      new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX: 700, clientY: 400, ...init }),
    );
  press("0");
  for (let k = 1; k < zoomedIn; k *= 1.5) press("+");
  await frame();
  const times = [await frame()];
  for (let i = 0; times.at(-1) < times[0] + forMs; i++) {
    const forth = i % 120 < 60;
    if (move === "pan") wheel({ deltaX: forth ? 25 : -25 });
    else if (move === "zoom") wheel({ deltaY: forth ? -40 : 40, ctrlKey: true });
    else scroller.scrollTop += forth ? 90 : -60;
    times.push(await frame());
  }
  const gaps = times
    .slice(1)
    .map((time, i) => time - times[i])
    .sort((a, b) => a - b);
  return {
    fps: (gaps.length / (times.at(-1) - times[0])) * 1000,
    p95Ms: gaps[Math.floor(gaps.length * 0.95)],
  };
}
