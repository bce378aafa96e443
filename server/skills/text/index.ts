import type { Skill } from '../skill.ts'
import { count } from './count.ts'
import { detect_language } from './detect-language.ts'
import { diff } from './diff.ts'
import { fill_template } from './fill-template.ts'
import { keywords } from './keywords.ts'
import { redact } from './redact.ts'
import { replace } from './replace.ts'
import { summarise } from './summarise.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

/** Work on texts that needs no language model. */
export const text: Skill = {
  name: 'text',
  agent: {
    number: 6,
    name: 'Text',
    description: 'Summarises, compares, counts and redacts texts, and fills templates.',
  },
  needs: [],
  phrases: { de: german, es: spanish },
  actions: { summarise, keywords, diff, replace, fill_template, count, detect_language, redact },
}
