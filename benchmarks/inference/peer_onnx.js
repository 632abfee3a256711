// ONNX Runtime on the CPU, the whole model in its graph. Reads sizes from stdin, answers each with one line of JSON.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');
const { InferenceSession, Tensor } = require('onnxruntime-node');

const [folder, threads] = [process.argv[2], Number(process.argv[3])];
const sessions = new Map();

async function open(size) {
  const options = {
    executionProviders: ['cpu'], intraOpNumThreads: threads, graphOptimizationLevel: 'all', logSeverityLevel: 3,
  };
  return InferenceSession.create(path.join(folder, `retinanet_${size}.onnx`), options);
}

async function run(size) {
  if (!sessions.has(size)) sessions.set(size, await open(size));
  const [height, width] = size.split('x').map(Number);
  const bytes = fs.readFileSync(path.join(folder, `image_${size}.bin`));
  const pixels = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const before = process.cpuUsage();
  const start = process.hrtime.bigint();
  const { detections } = await sessions.get(size).run({ x: new Tensor('float32', pixels, [1, 3, height, width]) });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const used = process.cpuUsage(before);
  const rows = Array.from({ length: detections.dims[0] }, (_, i) => [...detections.data.slice(6 * i, 6 * i + 6)]);
  console.log(JSON.stringify({ seconds, cpu: (used.user + used.system) / 1e6, detections: rows }));
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) await run(line.trim());
})();
