import { area, operation } from '../../../contract/operation.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers } from '../../kernel/answers.ts'

/** What this transport answers itself. They are operations, so that they are admitted and audited as all others. */
export const own = area('http', {
  options: operation({
    http: 'GET /*',
    summary: 'Which methods an address takes.',
    who: 'public',
    status: 204,
    unlimited: true,
  }),
  document: operation({ http: 'GET /*', summary: 'A document about the API.', who: 'public' }),
})

/** To be given to dispatch with the answers of the domains. */
export const httpAnswers: Answers = {
  [own.options.name]: reads(own.options, () => Promise.resolve({})),
  [own.document.name]: reads(own.document, () => Promise.resolve({})),
}
