using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Optimizers;

/// <summary>
/// Adam: Kingma and Ba, arXiv:1412.6980, algorithm 1; with decoupled weight decay AdamW: Loshchilov and Hutter,
/// arXiv:1711.05101. State: step, exp_avg, exp_avg_sq, max_exp_avg_sq.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly AdamOptions _options;

    /// <param name="groups">The parameters.</param>
    /// <param name="options">Betas and so on.</param>
    /// <exception cref="ArgumentException">A beta is outside [0, 1), or epsilon is negative.</exception>
    public Adam(IReadOnlyList<ParameterGroup> groups, AdamOptions options)
        : base(groups)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Beta1 is not (>= 0 and < 1) || options.Beta2 is not (>= 0 and < 1) || options.Epsilon < 0)
        {
            throw new ArgumentException(
                $"Adam: betas must be in [0, 1) and eps at least 0, got ({options.Beta1}, {options.Beta2}) and " +
                $"{options.Epsilon}. Mend the optimizer.");
        }

        _options = options;
        foreach (var group in groups)
        {
            group.Momentum = group.InitialMomentum = options.Beta1;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Describe(ParameterGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return new Dictionary<string, object>
        {
            ["lr"] = group.LearningRate,
            ["betas"] = new[] { group.Momentum, _options.Beta2 },
            ["eps"] = _options.Epsilon,
            ["weight_decay"] = group.WeightDecay,
            ["amsgrad"] = _options.AmsGrad,
            ["initial_lr"] = group.InitialLearningRate,
        };
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, int index, Tensor parameter, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameter);
        var step = Recall(index, "step") ?? Remember(index, "step", Tensor.Scalar(0));
        var mean = Recall(index, "exp_avg") ?? Remember(index, "exp_avg", Tensor.ZerosLike(parameter));
        var square = Recall(index, "exp_avg_sq") ?? Remember(index, "exp_avg_sq", Tensor.ZerosLike(parameter));
        gradient = Decay(group, parameter, gradient);
        step.AddInPlace(1);
        var t = step.Item();

        mean.MulInPlace(group.Momentum);
        mean.AddInPlace(gradient, 1 - group.Momentum);                          // m_t
        square.MulInPlace(_options.Beta2);
        square.AddCMulInPlace(gradient, gradient, 1 - _options.Beta2);          // v_t

        var denominator = Largest(index, square).Sqrt() / Math.Sqrt(1 - Math.Pow(_options.Beta2, t));
        denominator.AddInPlace(_options.Epsilon);
        parameter.AddCDivInPlace(mean, denominator, -group.LearningRate / (1 - Math.Pow(group.Momentum, t)));
    }

    private Tensor Decay(ParameterGroup group, Tensor parameter, Tensor gradient)
    {
        if (group.WeightDecay == 0)
        {
            return gradient;
        }

        if (!_options.DecoupledWeightDecay)
        {
            return gradient + parameter * group.WeightDecay;
        }

        parameter.MulInPlace(1 - group.LearningRate * group.WeightDecay);
        return gradient;
    }

    private Tensor Largest(int index, Tensor square)
    {
        if (!_options.AmsGrad)
        {
            return square;
        }

        var largest = Recall(index, "max_exp_avg_sq") ?? Remember(index, "max_exp_avg_sq", Tensor.ZerosLike(square));
        largest.CopyFromInPlace(largest.Maximum(square));
        return largest;
    }
}
