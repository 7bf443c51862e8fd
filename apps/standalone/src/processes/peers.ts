import type { Answer, Peers, ProcessState, Question } from '@jifen/service-host';
import { isOurs, type Said, type ToProcess, type ToSupervisor } from './messages.ts';

/** The pipe to the supervisor: the process itself, where it was forked. */
export interface Pipe {
  send(message: ToSupervisor): void;
  onMessage(hear: (message: unknown) => void): void;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Asks the others by way of the supervisor, which bounds the time and always answers. */
export function peersThrough(pipe: Pipe, name: string): Peers {
  const waiting = new Map<number, (answers: readonly (readonly [string, Said])[]) => void>();
  let asked = 0;
  const answer = async (own: ProcessState, question: Question): Promise<Said> => {
    try {
      return { value: await own[question]() };
    } catch (error) {
      return { error: reason(error) };
    }
  };
  return {
    name,
    join: (own) => {
      pipe.onMessage((message) => {
        if (!isOurs(message)) return;
        const told = message as ToProcess;
        if (told.jifen === 'question') {
          void answer(own, told.question).then((said) => pipe.send({ jifen: 'answer', id: told.id, answer: said }));
        } else {
          waiting.get(told.id)?.(told.answers);
          waiting.delete(told.id);
        }
      });
    },
    ask: async <Q extends Question>(question: Q) => {
      const id = ++asked;
      const answers = await new Promise<readonly (readonly [string, Said])[]>((resolve) => {
        waiting.set(id, resolve);
        pipe.send({ jifen: 'ask', id, question });
      });
      return new Map(
        answers.map(([who, said]) => [who, 'error' in said ? new Error(said.error) : (said.value as Answer<Q>)]),
      );
    },
  };
}
