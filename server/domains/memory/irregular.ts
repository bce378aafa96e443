/** Irregular forms of English, each line a base form and its others. Forms that are common words of their own are left out. */
const FORMS = `become became|begin began begun|bite bit bitten|blow blew blown|break broke broken|bring brought|build built|
burn burnt|buy bought|catch caught|choose chose chosen|come came|creep crept|deal dealt|dig dug|draw drew drawn|
dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|
fly flew flown|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go goes went gone|do does did done|
grow grew grown|hang hung|hear heard|hide hid hidden|hold held|keep kept|know knew known|lead led|learn learnt|lend lent|
lose lost|make made|mean meant|meet met|pay paid|ride rode ridden|ring rang rung|rise rose risen|run ran|sell sold|send sent|
shake shook shaken|shine shone|shoot shot|show shown|sing sang sung|sink sank sunk|sit sat|sleep slept|speak spoke spoken|
spend spent|spring sprang sprung|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|sweep swept|
swim swam swum|take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood|
wake woke woken|wear wore worn|weave wove woven|win won|write wrote written|child children|foot feet|goose geese|
knife knives|leaf leaves|life lives|man men|mouse mice|person people|shelf shelves|tooth teeth|wife wives|wolf wolves|
woman women|half halves|loaf loaves|thief thieves|die dying|lie lying|tie tying|good better best|bad worse worst`

export const IRREGULAR: ReadonlyMap<string, string> = new Map(
  FORMS.split('|').flatMap((line) => {
    const [base = '', ...others] = line.trim().split(' ')
    return others.map((other): [string, string] => [other, base])
  }),
)
