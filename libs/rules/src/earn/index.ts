import type { Violation } from '@jifen/contracts';
import type { RuleContext } from '../compile.ts';
import type { RulePlace } from '../violation.ts';
import type { CompiledEarn, EarnForm, EarnOf, FormName } from './earn-form.ts';
import { fixed } from './fixed.ts';
import { multiplier } from './multiplier.ts';
import { none } from './none.ts';
import { rate } from './rate.ts';
import { stepped } from './stepped.ts';
import { streak } from './streak.ts';
import { target } from './target.ts';

/** Every form of `earn`. */
const EARN_FORMS: { readonly [Form in FormName]: EarnForm<Form> } = {
  rate,
  stepped,
  fixed,
  multiplier,
  streak,
  target,
  none,
};

const formOf = <Form extends FormName>({ form }: EarnOf<Form>): EarnForm<Form> => EARN_FORMS[form as Form];

export const compileEarn = <Form extends FormName>(earn: EarnOf<Form>, context: RuleContext): CompiledEarn =>
  formOf(earn).compile(earn, context);

export const earnViolations = <Form extends FormName>(
  earn: EarnOf<Form>,
  place: RulePlace,
  pointer: string,
): readonly Violation[] => formOf(earn).violations(earn, place, pointer);
