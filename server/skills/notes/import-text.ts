import { Type } from 'typebox'
import type { MemorySource } from '../../../contract/agents.ts'
import { sayCount } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import type { Can } from './memories.ts'
import { paragraphs } from './paragraphs.ts'

/** Notes that one text may become: they are written in one transaction. */
const NOTES_MAX = 500
const NOTE_LENGTH_MAX = 10_000

export const import_text = action({
  summary: 'Takes a text in as notes, one for each paragraph or point.',
  parameters: shape({
    text: Type.String({ minLength: 1, maxLength: 1_000_000 }),
    source: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  result: shape({ memory_ids: Type.Array(Type.String()) }),
  effect: 'write',
  slots: { text: 'text', source: 'text' },
  questions: { text: 'Paste the text, please.' },
  phrases: [
    '(import|load|take in) (this|the following) text: {text}',
    '(import|load|take in) (this|the following) [text] (into|to) (my notes|memory): {text}',
    '(import|load|take in) (this|the following) paragraphs (into|to) (my notes|memory): {text}',
    '(add|save) (this|the following) text to (my notes|memory): {text}',
    '(import|load|take in|add) (these|the following) (notes|paragraphs): {text}',
    'turn this [pasted] text into notes: {text}',
    'bring this in as (notes|memories): {text}',
    '(import|load) [a|some|my|this] (text|notes)',
  ],
  examples: [
    'import this text as notes',
    'take in the following paragraphs: Heating was repaired. Keys are with Mrs Lang.',
    'I am pasting a page from my diary, split it into notes',
    'load my old notes: - dentist is Dr Roth - the bin is emptied on Friday',
    'read this document into your memory',
    'bring my notes over from the other app: Books to read. Films to see.',
    'save the following text in my notes: We met in Lyon. He plays the cello.',
    'make memories out of this text',
    'add these paragraphs to what you remember',
    'here is a long text, import it please',
    'ingest the minutes of the meeting: Budget approved. Next date in June.',
    'store each of these lines as a note',
    'copy this page into memory, it comes from the handbook',
    'put the whole text into my notes paragraph by paragraph',
    'import notes from my notebook: Roses need water. Hedge in autumn.',
  ],
  perform: async (can: Can, { text, source }) => {
    const found = paragraphs(text)
    if (found.length === 0) throw new ActionError('There is nothing in this text.')
    if (found.length > NOTES_MAX) {
      throw new ActionError(`This text has ${found.length} paragraphs; I can take ${NOTES_MAX} at once.`)
    }
    if (found.some(({ length }) => length > NOTE_LENGTH_MAX)) {
      throw new ActionError(`A paragraph can have ${NOTE_LENGTH_MAX} characters.`)
    }
    const memory_ids = new Set<string>()
    const name = source?.trim() ?? ''
    for (const content of found) {
      // Imported text is somebody else's word until the user says otherwise.
      const from: MemorySource = { kind: 'import', ...(name === '' ? {} : { name }) }
      const { id } = await can.memory.store({ memory_type: 'imported', content, source: from })
      memory_ids.add(id)
    }
    return { data: { memory_ids: [...memory_ids] }, text: `Imported ${sayCount(memory_ids.size, 'note')}.` }
  },
})
