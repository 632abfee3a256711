namespace MMDetSharp.Engine.Training;

/// <summary>What a checkpoint tells of the training's progress.</summary>
/// <param name="Epoch">Epochs finished.</param>
/// <param name="InnerIteration">Iterations finished of the epoch that runs.</param>
/// <param name="Iteration">Iterations finished over all epochs.</param>
internal readonly record struct TrainingPosition(int Epoch, int InnerIteration, long Iteration);
