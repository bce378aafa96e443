import type { Kysely } from 'kysely'
import { voice } from '../../../contract/voice.ts'
import { reads, writes } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Mouth } from './mouth.ts'
import { TEXT_KEPT, voiceStore } from './store.ts'
import type { VoiceTables } from './store.ts'

/** What was said can be forgotten, with the sounds of what was answered; its own sound can be heard when it was kept. */
export function historyAnswers(
  { store, events }: Pick<Kernel, 'store' | 'events'>,
  mouth: Pick<Mouth, 'forget'>,
): Answers {
  const reader = (): Kysely<VoiceTables> => store.reader.tables<VoiceTables>()
  return {
    [voice.forget.name]: writes(voice.forget, {
      commit: async (tx, { user_id }, { id }) => {
        const row = await voiceStore.find(tx.tables<VoiceTables>(), user_id, id)
        if (row === undefined) throw noSuch('There is no such sentence.')
        await voiceStore.forget(tx.tables<VoiceTables>(), user_id, id)
        events.veil(tx, user_id, 'voice:command_received', row.text, TEXT_KEPT)
        if (row.response !== '') events.veil(tx, user_id, 'voice:response_ready', row.response)
        tx.afterCommit(() => mouth.forget(user_id, row.response))
        return {}
      },
    }),
    [voice.forget_all.name]: writes(voice.forget_all, {
      commit: async (tx, { user_id }) => {
        events.veil(tx, user_id, 'voice:command_received')
        events.veil(tx, user_id, 'voice:response_ready')
        tx.afterCommit(() => mouth.forget(user_id))
        return { forgotten: await voiceStore.forget(tx.tables<VoiceTables>(), user_id) }
      },
    }),
    [voice.recording.name]: reads(voice.recording, async ({ user_id }, { id }) => {
      const row = await voiceStore.recording(reader(), user_id, id)
      if (row === undefined) throw noSuch('The sound of this sentence was not kept.')
      return { audio_data: Buffer.from(row.audio).toString('base64') }
    }),
  }
}

function noSuch(what: string): Fault {
  return new Fault('VALIDATION_ERROR', what, undefined, { status: 404 })
}
