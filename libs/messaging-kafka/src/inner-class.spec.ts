import { changeOnce, innerClass } from './inner-class.ts';

const isClass = (value: unknown): value is new () => object => typeof value === 'function';
const isNone = (value: unknown): value is new () => object => value === undefined;

describe('a class that kafkajs keeps to itself', () => {
  it('is refused, by its name, where it is not the one that is known', () => {
    expect(() => innerClass('cluster/brokerPool', isNone)).toThrow('another cluster/brokerPool than 2.2.4');
  });

  it('is changed once, however often it is asked for', () => {
    let changes = 0;
    for (let time = 0; time < 3; time++) changeOnce(innerClass('cluster/brokerPool', isClass), () => changes++);
    changeOnce(innerClass('consumer/runner', isClass), () => changes++);
    expect(changes).toBe(2);
  });
});
