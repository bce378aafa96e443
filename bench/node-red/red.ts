import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { serveParent } from '../http/child.ts'

/** Node-RED in a process of its own, with one flow that is held in memory alone. */
interface Red {
  init(server: ReturnType<typeof createServer>, settings: object): void
  start(): Promise<void>
  stop(): Promise<void>
  readonly httpNode: RequestListener
}
type Express = () => RequestListener & { use(path: string, handler: RequestListener): void }

const PATH = '/order'
const READY_MS_MAX = 60_000

/** A node without a place on the page is taken for one of settings. */
const PLACE = { z: 'order-tab', x: 100, y: 100 }
const FLOW = [
  { id: 'order-tab', type: 'tab', label: 'order' },
  { id: 'order-in', ...PLACE, type: 'http in', url: PATH, method: 'post', wires: [['order-work']] },
  {
    id: 'order-work',
    ...PLACE,
    type: 'function',
    func: 'msg.payload = { number: msg.payload.number, price: msg.payload.number * 12 }\nreturn msg',
    outputs: 1,
    wires: [['order-change']],
  },
  {
    id: 'order-change',
    ...PLACE,
    type: 'change',
    rules: [{ t: 'set', p: 'payload.total', pt: 'msg', to: 'payload.price', tot: 'msg' }],
    wires: [['order-out']],
  },
  { id: 'order-out', ...PLACE, type: 'http response', statusCode: '200', headers: {}, wires: [] },
]

let stop = (): Promise<unknown> => Promise.resolve()

async function open(folder: string): Promise<number> {
  const load = createRequire(join(folder, 'package.json'))
  const red = load('node-red') as Red
  const express = createRequire(load.resolve('node-red'))('express') as Express
  const app = express()
  const server = createServer(app)
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'flows.json'), JSON.stringify(FLOW))
  const logging = { console: { level: 'error', metrics: false, audit: false } }
  red.init(server, {
    httpAdminRoot: false,
    httpNodeRoot: '/',
    userDir: home,
    flowFile: 'flows.json',
    telemetry: { enabled: false },
    logging,
  })
  app.use('/', red.httpNode)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await red.start()
  stop = () => red.stop()
  const { port } = server.address() as AddressInfo
  await answering(port)
  return port
}

/** It starts its flow some time after it says that it has started. */
async function answering(port: number): Promise<void> {
  const headers = { 'Content-Type': 'application/json' }
  for (let waited = 0; waited < READY_MS_MAX; waited += 100) {
    const { status } = await fetch(`http://127.0.0.1:${port}${PATH}`, { method: 'POST', headers, body: '{}' })
    if (status === 200) return
    await pause(100)
  }
  throw new Error('Node-RED does not answer.')
}

serveParent({ open, cpu: () => process.cpuUsage() }, () => stop())
