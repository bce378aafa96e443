import { operations } from '../../../contract/index.ts'
import { client_events } from '../../../contract/events.ts'
import type { VoiceAudio } from '../../../contract/voice.ts'
import type { Reply } from '../dispatch.ts'
import { envelope } from '../http/envelope.ts'
import { Fault, asFault, toAPIError } from '../../kernel/fault.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Connection } from './connection.ts'
import type { Connections } from './connections.ts'
import type { Desk, Sent } from './receive.ts'

interface Speaker {
  user_id: string
  connection_id: string | undefined
}

/** What is told of an utterance while it is being said. */
export type Told = Speaker & { utterance_id: string } & (
    | { kind: 'partial'; partial: { text: string; confidence: number } }
    | { kind: 'wake'; word: string }
    | { kind: 'ended' | 'superseded' }
  )

/** Who listens to what comes in pieces. */
export interface Listening {
  take(speaker: Speaker, piece: VoiceAudio): Promise<boolean>
  stop(speaker: Speaker): void
  hear(listener: (told: Told) => void): void
}

/** An utterance that a socket has begun: its answer, once it has ended. */
export interface Spoken {
  readonly first: VoiceAudio
  readonly replied: PromiseWithResolvers<Reply>
  /** Settles when the first piece was answered: those that follow it wait for that. */
  readonly begun: PromiseWithResolvers<void>
  /** Whether its last piece waits for the answer. */
  isAwaited: boolean
  /** Has it be processed as a sentence. */
  readonly process: (spoken: Spoken) => Promise<Reply>
}

/** Utterances of a socket whose answers are remembered, for a last piece that comes late. */
const SPOKEN_MAX = 4

/** Notes an utterance whose first piece comes in as an event of its own; nothing when it is none. */
export function noteFirst(
  connection: Connection,
  { name, args, acknowledge }: Sent,
  process: Spoken['process'],
): Spoken | undefined {
  const [audio] = args
  if (name !== 'voice:audio' || !isPiece(audio) || connection.spoken.has(audio.utterance_id)) return undefined
  const isAwaited = audio.end === true && acknowledge !== undefined
  const [replied, begun] = [Promise.withResolvers<Reply>(), Promise.withResolvers<void>()]
  const spoken = { first: audio, replied, begun, isAwaited, process }
  connection.spoken.set(audio.utterance_id, spoken)
  const [oldest] = connection.spoken
  if (connection.spoken.size > SPOKEN_MAX && oldest !== undefined) {
    endSpoken(connection, oldest[0])
    connection.spoken.delete(oldest[0])
  }
  return spoken
}

const ENDINGS = {
  stopped: 'The listening was stopped.',
  superseded: 'Another utterance has begun on this socket.',
}

/** Nothing comes of an utterance any more; whoever waits for its answer, or asks for it later, is told so. */
export function endSpoken(
  connection: Connection,
  utterance_id: string,
  reason: keyof typeof ENDINGS = 'stopped',
): void {
  const spoken = connection.spoken.get(utterance_id)
  if (spoken === undefined) return
  const fault = new Fault('VOICE_TRANSCRIPTION_FAILED', ENDINGS[reason], { reason })
  const request_id = connection.id()
  const at = connection.now()
  const error = toAPIError(fault, request_id, at)
  const { status } = fault
  spoken.begun.resolve()
  spoken.replied.resolve({
    ok: false,
    status,
    error,
    retry_after_s: undefined,
    request_id,
    standing: undefined,
    at,
  })
}

function isPiece(audio: unknown): audio is VoiceAudio {
  return findIssues(client_events['voice:audio'].input.properties.audio, audio).length === 0
}

/**
 * Hands on a piece of an utterance that has begun, without the guards of an event: the first piece went through them,
 * and the sentence that it becomes will. False when this is no such piece.
 */
export function goesOn(
  desk: Desk,
  connection: Connection,
  { name, args, tooMany, acknowledge }: Sent,
): boolean {
  if (name !== 'voice:audio' || tooMany) return false
  const [piece] = args
  if (args.length !== 1 || !isPiece(piece)) return false
  const spoken = connection.spoken.get(piece.utterance_id)
  if (spoken === undefined) return false
  const { user_id, socket } = connection
  const refuse = (error: unknown): void => {
    const refused = toAPIError(asFault(error), connection.id(), desk.clock.now())
    if (acknowledge === undefined) connection.fail(refused, { event: name })
    else acknowledge(refused)
  }
  if (piece.end === true && acknowledge !== undefined) {
    spoken.isAwaited = true
    void spoken.replied.promise.then((reply) => acknowledge(toSentenceBody(reply)))
  }
  spoken.begun.promise
    .then(() => desk.voice.take({ user_id, connection_id: socket.id }, piece))
    .then((listening) => {
      if (piece.end !== true) acknowledge?.({ success: true, data: { listening } })
    })
    .catch(refuse)
  return true
}

/** What the last piece of an utterance is answered: what its sentence is. */
export function toSentenceBody(reply: Reply): unknown {
  return reply.ok ? envelope(operations['voice.process'], reply.data) : reply.error
}

/** Tells sockets what is heard on them, and has what was said be processed as a sentence of theirs. */
export function openListening(voice: Pick<Listening, 'hear'>, connections: Connections): void {
  voice.hear((told) => {
    const connection = [...connections.of(told.user_id)].find(
      ({ socket }) => socket.id === told.connection_id,
    )
    const { utterance_id, kind } = told
    if (connection === undefined) return
    if (kind === 'partial') {
      const { text, confidence } = told.partial
      connection.socket.emit('voice:partial', { utterance_id, text, confidence })
    } else if (kind === 'wake') connection.socket.emit('voice:wake', { utterance_id, word: told.word })
    else if (kind === 'superseded') endSpoken(connection, utterance_id, kind)
    else {
      const spoken = connection.spoken.get(utterance_id)
      if (spoken !== undefined)
        void spoken.process(spoken).then(spoken.replied.resolve, () => endSpoken(connection, utterance_id))
    }
  })
}
