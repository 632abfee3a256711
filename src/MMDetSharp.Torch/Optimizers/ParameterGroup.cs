using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Torch.Optimizers;

/// <summary>Parameters that share a learning rate, a weight decay and a momentum. Schedules change the numbers.</summary>
public sealed class ParameterGroup
{
    /// <param name="parameters">The parameters with their names.</param>
    /// <param name="learningRate">The learning rate before any schedule, at least 0.</param>
    /// <param name="weightDecay">The factor of the parameters that is added to their gradients, at least 0.</param>
    /// <exception cref="ArgumentException">A number is negative or NaN.</exception>
    public ParameterGroup(IEnumerable<StateEntry> parameters, double learningRate, double weightDecay = 0)
    {
        if (!(learningRate >= 0) || !(weightDecay >= 0))
        {
            throw new ArgumentException(
                $"ParameterGroup: lr and weight_decay must be at least 0, got {learningRate} and {weightDecay}. " +
                "Mend them in the config's optimizer.");
        }

        Parameters = [.. parameters];
        LearningRate = InitialLearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>The parameters with their names.</summary>
    public IReadOnlyList<StateEntry> Parameters { get; }

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>The learning rate that schedules start from.</summary>
    public double InitialLearningRate { get; set; }

    /// <summary>The weight decay of the next step.</summary>
    public double WeightDecay { get; set; }

    /// <summary>SGD's momentum, or Adam's first beta; set by the optimizer, changed by momentum schedules.</summary>
    public double Momentum { get; set; }

    /// <summary>The momentum that schedules start from.</summary>
    public double InitialMomentum { get; set; }
}
