import { parentPort, workerData } from 'node:worker_threads'
import type { TrainingExample } from './model.ts'
import { toBytes } from './statistics/bytes.ts'
import { train } from './statistics/train.ts'

parentPort?.postMessage(toBytes(train(workerData as TrainingExample[])))
