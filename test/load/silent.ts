import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../../bench/http/app.ts'
import { startChild } from '../../bench/http/child.ts'

interface Memory {
  heap: number
  external: number
}

/** Sockets at once: fewer than the server takes, and than a process may have files open. */
const WAVE = 900
const WARM_UP = 100
/** The server ends a socket that does not sign in after ten seconds; this is when waiting for it ends. */
const PATIENCE_MS = 20_000

/** Opens sockets that never say who they are; answers what is left of them. */
export async function stayMute(count: number): Promise<{ grown: number; open: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'paios-mute-'))
  const { ours } = await prepare(folder)
  const server = startChild(new URL('../../bench/http/ours.ts', import.meta.url), ['--expose-gc'])
  try {
    const port = await server.ask<number>('open', ours)
    // What the first sockets load and compile stays for good.
    await wave(port, WARM_UP)
    const before = await server.ask<Memory>('memory')
    let open = 0
    for (let left = count; left > 0; left -= WAVE) open += await wave(port, Math.min(WAVE, left))
    const after = await server.ask<Memory>('memory')
    return { grown: (after.heap + after.external) / (before.heap + before.external), open }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Answers how many of them the server did not end. */
async function wave(port: number, count: number): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: count }, () => shake(port)))
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const ended = sockets.map((socket) =>
    socket.destroyed ? Promise.resolve() : once(socket, 'close', { signal: patience }),
  )
  const outcomes = await Promise.allSettled(ended)
  for (const socket of sockets) socket.destroy()
  return outcomes.filter(({ status }) => status === 'rejected').length
}

async function shake(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  const head = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: localhost:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: c2lsZW5jZSBpcyBnb2xkZW4=',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.resume()
  return socket
}
