import type { Job, OpenJob } from '../host/kinds.ts'
import { SOUND_BOUNDS, WAITING_BOUNDS } from './bounds.ts'
import { decode } from './decode.ts'
import { openDecoder } from './stream.ts'
import type { StreamFormat } from './stream.ts'

/** What a job of the kind `audio` is opened with: the form of its stream, where it is known. */
export interface AudioOptions {
  format?: StreamFormat | undefined
  /** Whether it may be as long as one that waits for a wake word. */
  waits?: boolean | undefined
}

/** What it takes: a whole recording, the next bytes of a stream, or its end. Each is answered with samples. */
export type AudioMessage = { whole: Uint8Array } | { push: Uint8Array } | { end: true }

export const openJob: OpenJob = (options) => {
  const { format, waits } = options as AudioOptions
  const stream = openDecoder(format, waits === true ? WAITING_BOUNDS : SOUND_BOUNDS)
  const job: Job = {
    handle(message) {
      const given = message as AudioMessage
      if ('whole' in given) return decode(given.whole)
      return 'push' in given ? stream.push(given.push) : stream.end()
    },
    close: () => stream.free(),
  }
  return Promise.resolve(job)
}
