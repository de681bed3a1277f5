// Placements [x, y, z, w, i, j, k].

// The turns about x, then y, then z of the fixed axes, degrees.
export function eulerOf([, , , w, x, y, z]) {
  const degrees = 180 / Math.PI;
  return [
    Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) * degrees,
    Math.asin(Math.min(1, Math.max(-1, 2 * (w * y - z * x)))) * degrees,
    Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) * degrees,
  ];
}
