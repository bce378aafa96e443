import type { Skill } from '../skill.ts'
import { forget } from './forget.ts'
import { import_text } from './import-text.ts'
import { list } from './list.ts'
import { pin, unpin } from './pin.ts'
import { recall } from './recall.ts'
import { remember } from './remember.ts'
import { tag } from './tag.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const notes: Skill = {
  name: 'notes',
  agent: {
    number: 2,
    name: 'Notes & Memory',
    description: 'Remembers what you tell it and finds it again.',
  },
  needs: ['clock', 'memory'],
  phrases: { de: german, es: spanish },
  actions: { remember, recall, forget, list, tag, pin, unpin, import_text },
}
