import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'

const { path } = workerData as { path: string }
let connection: Connection | undefined

parentPort?.on('message', () => {
  try {
    connection ??= openConnection(path, { synchronous: 'NORMAL' })
    connection.all('PRAGMA wal_checkpoint(PASSIVE)', [])
    parentPort?.postMessage({ value: 0 })
  } catch (error) {
    parentPort?.postMessage({ error: String(error) })
  }
})
