/** Verbs of what only a program does. */
const OWN =
  '(?:make|create|do|take|run|schedule) (?:a |the |another )?back ?ups?|list|show|display|summari[sz]e|sum up|recap|fetch|download|retrieve|search|calculate|compute|convert|recall|export|redact|back up|backup|look up|webhook|notify|snooze'
/** Verbs that people also do themselves: they need a thing of this system beside them. */
const SHARED =
  'read|check|test|ping|verify|find|look for|count|compare|collect|gather|analy[sz]e|translate|delete|remove|erase|clear|forget|archive|sort|mark|tick|complete|cancel|post|submit|upload|call|trigger|run|start|set|get|add|put|note|save|remember|import|open|query|prioriti[sz]e|say|watch|ask|store|keep (?:it|them|that)|give me|send me'
const THINGS =
  /\b(?:notes?|memos?|memor(?:y|ies)|reminders?|alarms?|timers?|tasks?|to.?dos?|(?:to.?do|shopping|my|our|the|\w+) lists?|calendar|agenda|appointments?|feeds?|headlines|pages?|web ?sites?|sites?|urls?|folders?|files?|agents?|workflows?|security|system|status|integrity|audit|web ?hooks?|watches|backups?|briefing|digest|overview|csv|json|everything i said)\b|https?:\/\/|\bwww\.|\b[\w-]+\.(?:org|com|net|edu|io|dev|xml|json|csv|txt|md|pdf)\b|(?:^|\s)[~/]\S/iu
/** What is put together from several sources. */
const MADE =
  /^(?:make|create|prepare|build|generate|compile|put together|give|send|get|read|bring)(?: me| us)?(?: up)?\s+(?:a|an|the|my|our)?\s*(?:\w+\s+){0,2}(?:briefings?|digest|overview|summary of my|report (?:of|from|on) my)\b/iu
/** "summarise my notes": of things of one's own it is an overview, of any other text a summary. */
const SUMMED =
  /^(?:summari[sz]e|sum up|recap|go (?:through|over)|run (?:through|over))\s+(?:all\s+(?:of\s+)?)?(?=(?:my|our|the (?:news|headlines|feed))\b)(?<sources>.+)$/iu
const PADDING =
  /^(?:(?:please|also|just|automatically|simply|always|then|and|it should|you should|i want you to|can you|could you)\s+)+/iu

const OWN_VERB = new RegExp(`^(?:${OWN})\\b`, 'iu')
const ANY_VERB = new RegExp(`^(?:${OWN}|${SHARED})\\b`, 'iu')
const TELLING =
  /^(?:(?:tell|notify|inform|alert|message|text|ping|buzz|update|drop) me|let me (?:know|see|hear)|report|say|(?:send|give|show|read|forward) (?:it|them|that|this) (?:to )?me)\b/iu
const REMINDING =
  /^(?:(?:remind|nudge|poke|wake) me|(?:tell|ping|buzz) me (?:to|that|about)|(?:set|add|create|make) (?:a|an|another) (?:reminder|alarm))\b/iu
/** "tell me what is on my list" asks, "tell me to stretch" reminds. */
const ASKING =
  /^(?:(?:tell|show|read|give|send) me|let me know) (?:what|which|how|who|when|where|whether|my|the|all|to(?:day|morrow|night)['’]?s|this week['’]?s)\b|^remind me (?:what|which|how many|how much) (?!to\b)|^(?:what|which|how many|how much)\b/iu
const CONTROL =
  /^(?:if|unless|otherwise|else|wait (?:for )?(?:\d|an?\b|one|two|three|five|ten)|(?:first )?ask(?:ing)? me|only after asking me|(?:e-?mail|mail|phone|call) me\b|agent (?:number )?\d)/iu

const END = /[\s,;:.!?]/u

/** By hand, as a pattern would look at each run of signs from each of its places. */
function withoutEnd(text: string): string {
  let end = text.length
  while (end > 0 && END.test(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}

/** A clause without the words that only carry it. */
export function bare(clause: string): string {
  return withoutEnd(clause.trim().replace(PADDING, ''))
    .replace(/\s+please$/iu, '')
    .replace(/^(?:make|take|write|leave) (?:me )?a note (?=that\b|about\b|of\b|to\b|saying\b)/iu, 'note ')
    .replace(/^brief me$/iu, 'make a briefing')
    .replace(/^brief me (?:on|about|with|from)\b/iu, 'make a briefing from')
}

/** Whether a clause only reminds of something, which reminders do. */
export function isReminder(clause: string): boolean {
  return REMINDING.test(bare(clause)) && !ASKING.test(bare(clause))
}

export function isTelling(clause: string): boolean {
  return TELLING.test(bare(clause)) && !ASKING.test(bare(clause))
}

/** Whether a clause orders something that an agent of this system could do: not what people do themselves. */
export function isWork(clause: string): boolean {
  const said = bare(clause)
  if (isReminder(said) || /^remember to\b/iu.test(said)) return false
  if (OWN_VERB.test(said) || isMade(said) || /^agent (?:number )?\d/iu.test(said)) return true
  return (ANY_VERB.test(said) || ASKING.test(said)) && THINGS.test(said)
}

/** Whether these words can begin a further clause, when it is known that orders follow each other. */
export function opensClause(text: string): boolean {
  const said = bare(text)
  return (
    ANY_VERB.test(said) ||
    MADE.test(said) ||
    TELLING.test(said) ||
    REMINDING.test(said) ||
    ASKING.test(said) ||
    CONTROL.test(said)
  )
}

/** "my notes": a thing of this system by itself, without an order. */
export function isOwnThing(text: string): boolean {
  return /^(?:my|the|our|all (?:of )?(?:my|the|our))\s/iu.test(text) && THINGS.test(text)
}

/** Whether a clause waits or asks before something else is done. */
export function isPause(clause: string): boolean {
  return /^(?:wait|ask me)\b/iu.test(bare(clause))
}

export function isMade(clause: string): boolean {
  return MADE.test(bare(clause)) || readSummed(clause) !== undefined
}

/** What is to be summarised, when it is something of one's own. */
export function readSummed(clause: string): string | undefined {
  const sources = SUMMED.exec(bare(clause))?.groups?.['sources']
  return sources !== undefined && THINGS.test(sources) ? sources : undefined
}

const THIRD =
  /(?<=^|[,;]\s*|\b(?:and|then)\s+)(?<verb>[a-z]+?)(?:es|s)(?=\s+(?:me|my|the|all|it|up|a|an|everything|if|agent|for|https?|["\d]))/giu
const SAID_ALONE =
  /^(?:remind|tell|sum|back|make|create|prepare|send|give|build|wait|let|ask|inform|alert)$/iu

/** Makes orders of what a workflow is said to do: "lists my tasks and tells me" becomes "list my tasks and tell me". */
export function imperative(text: string): string {
  return text.replaceAll(/\btells me$/giu, 'tell me').replaceAll(THIRD, (word) => orderOf(word) ?? word)
}

/** The order for what somebody does or has done, where it is one of this system: "saves" and "saved" become "save". */
export function orderOf(word: string): string | undefined {
  return [word.slice(0, -1), word.slice(0, -2)].find((form) => SAID_ALONE.test(form) || ANY_VERB.test(form))
}

/** The order for what is being done: "clearing" becomes "clear", "deleting" "delete", "running" "run". */
export function orderOfGerund(word: string, what: string): string | undefined {
  const stem = word.toLowerCase().replace(/ing$/u, '')
  return [stem, `${stem}e`, stem.replace(/(.)\1$/u, '$1')].find((form) => ANY_VERB.test(`${form} ${what}`))
}
