using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Optimizers;

/// <summary>
/// RMSprop, as PyTorch has it: the gradient divided by the root of its mean square (Tieleman and Hinton 2012); centred:
/// Graves, arXiv:1308.0850. State: step, square_avg, momentum_buffer, grad_avg.
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly RmsPropOptions _options;

    /// <param name="groups">The parameters.</param>
    /// <param name="options">Alpha and so on.</param>
    /// <exception cref="ArgumentException">Alpha is outside [0, 1), or epsilon is negative.</exception>
    public RmsProp(IReadOnlyList<ParameterGroup> groups, RmsPropOptions options)
        : base(groups)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Alpha is not (>= 0 and < 1) || options.Epsilon < 0)
        {
            throw new ArgumentException(
                $"RMSprop: alpha must be in [0, 1) and eps at least 0, got {options.Alpha} and {options.Epsilon}. " +
                "Mend the optimizer.");
        }

        _options = options;
        foreach (var group in groups)
        {
            group.Momentum = group.InitialMomentum = options.Momentum;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Describe(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new Dictionary<string, object>
        {
            ["lr"] = group.LearningRate,
            ["momentum"] = group.Momentum,
            ["alpha"] = _options.Alpha,
            ["eps"] = _options.Epsilon,
            ["centered"] = _options.Centered,
            ["weight_decay"] = group.WeightDecay,
            ["initial_lr"] = group.InitialLearningRate,
        };
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, int index, Tensor parameter, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameter);
        if (group.WeightDecay != 0)
        {
            gradient += parameter * group.WeightDecay;
        }

        var step = Recall(index, "step") ?? Remember(index, "step", Tensor.Scalar(0));
        step.AddInPlace(1);
        var square = Mean(index, "square_avg", gradient * gradient);
        var denominator = Spread(index, square, gradient).Sqrt();
        denominator.AddInPlace(_options.Epsilon);
        if (group.Momentum == 0)
        {
            parameter.AddCDivInPlace(gradient, denominator, -group.LearningRate);
            return;
        }

        var velocity = Recall(index, "momentum_buffer")
            ?? Remember(index, "momentum_buffer", Tensor.ZerosLike(parameter));
        velocity.MulInPlace(group.Momentum);
        velocity.AddCDivInPlace(gradient, denominator, 1);
        parameter.AddInPlace(velocity, -group.LearningRate);
    }

    private Tensor Mean(int index, string name, Tensor value)
    {
        var mean = Recall(index, name) ?? Remember(index, name, Tensor.ZerosLike(value));
        mean.MulInPlace(_options.Alpha);
        mean.AddInPlace(value, 1 - _options.Alpha);
        return mean;
    }

    private Tensor Spread(int index, Tensor square, Tensor gradient)
    {
        if (!_options.Centered)
        {
            return square;
        }

        var mean = Mean(index, "grad_avg", gradient);
        return square - (mean * mean);
    }
}
