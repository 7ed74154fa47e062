/** A graph against the same block by hand, on the CPU in Node. */
import * as tf from '@tensorflow/tfjs';
import { blocks, report } from './blocks';
import { type Measured, measurePairs } from './pairs';

/** The CPU back end works on this process's own thread: what others do beside does not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export async function measure(): Promise<string[]> {
  await tf.setBackend('cpu');
  const measured: Measured[] = [];
  for (const block of await blocks()) measured.push({ ...(await measurePairs(block, processorTime)), backend: 'cpu, processor time' });
  return report(measured);
}
