import { operations } from '../../contract/index.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { openHttp } from '../../server/transports/http.ts'
import { openSocket } from '../../server/transports/socket.ts'
import { watchEventLoop } from '../event-loop.ts'
import type { Delays } from '../event-loop.ts'
import { log, openBenchApp, settingsOf } from './app.ts'
import { serveParent } from './child.ts'
import { countRows } from './rows.ts'
import type { Place } from './scene.ts'

/** The server of the product in a process of its own, opened as `paios serve` opens it. */
let close = (): Promise<void> => Promise.resolve()
/** Watching wakes the process a thousand times a second, so that it is done only for who wants to know. */
let delays: (() => Delays) | undefined
let count = (): Promise<unknown> => Promise.resolve()

serveParent(
  {
    open: async ({ folder }: Place) => {
      const settings = settingsOf(folder)
      const app = await openBenchApp(folder)
      const { dispatch, kernel } = app
      const http = await openHttp({ dispatch, operations, settings, log })
      const sockets = openSocket({
        server: http.server,
        dispatch,
        operations,
        ...app.doors,
        settings,
        clock: systemClock,
        log,
      })
      count = async () => {
        await kernel.audit.flush()
        return countRows(kernel.store)
      }
      close = async () => {
        await sockets.close()
        await http.close(0)
        await app.close(0)
      }
      return Number(new URL(await http.listen()).port)
    },
    count: () => count(),
    cpu: () => process.cpuUsage(),
    /** What held up the event loop since this was asked last; nothing the first time, from which on it is watched. */
    delays: () => {
      const seen = delays?.()
      delays = watchEventLoop()
      return seen
    },
    /** After a collection, where the process was started with `--expose-gc`. */
    memory: () => {
      globalThis.gc?.()
      const { heapUsed, external, arrayBuffers } = process.memoryUsage()
      return { heap: heapUsed, external: external + arrayBuffers }
    },
  },
  () => close(),
)
