import { Session } from 'node:inspector/promises'

/**
 * Gives back what starting has left: most of what a start makes is garbage by its end, and a server that nobody asks
 * anything would keep it for hours.
 */
export async function releaseStart(): Promise<void> {
  const session = new Session()
  session.connect()
  try {
    await session.post('HeapProfiler.collectGarbage')
  } finally {
    session.disconnect()
  }
}
