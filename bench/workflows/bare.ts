import { once } from 'node:events'
import { createServer } from 'node:http'
import { serveParent } from '../http/child.ts'

/** The control: a server of Node alone that nobody asks anything. */
const server = createServer((_request, response) => response.end())

serveParent(
  {
    open: async () => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    },
    cpu: () => process.cpuUsage(),
  },
  () => Promise.resolve(server.close()),
)
