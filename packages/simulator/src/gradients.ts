export {
  adjointGradient,
  type GradientOptions,
  type ValueAndGradient,
} from './gradients/adjoint.ts';
export { parameterShiftGradient } from './gradients/parameter-shift.ts';
