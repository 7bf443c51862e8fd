import { parseInstant } from '@jifen/kernel';
import { ValidateBy } from 'class-validator';

/** A field of a DTO that holds an instant as text. */
export const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parseInstant(value) !== undefined,
      defaultMessage: () => 'must be a date-time with an offset',
    },
  });
