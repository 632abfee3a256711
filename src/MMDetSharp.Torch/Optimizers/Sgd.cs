using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch has it: v = m v + (1 - d) g; p -= lr v, where g includes
/// the weight decay. State: momentum_buffer.
/// </summary>
public sealed class Sgd : Optimizer
{
    private const string Buffer = "momentum_buffer";
    private readonly SgdOptions _options;

    /// <param name="groups">The parameters.</param>
    /// <param name="options">Momentum and so on.</param>
    /// <exception cref="ArgumentException">Nesterov without momentum, or with dampening.</exception>
    public Sgd(IReadOnlyList<ParameterGroup> groups, SgdOptions options)
        : base(groups)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Nesterov && (options.Momentum <= 0 || options.Dampening != 0))
        {
            throw new ArgumentException("SGD: nesterov needs momentum above 0 and no dampening. Mend the optimizer.");
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
            ["dampening"] = _options.Dampening,
            ["weight_decay"] = group.WeightDecay,
            ["nesterov"] = _options.Nesterov,
            ["initial_lr"] = group.InitialLearningRate,
        };
    }

    /// <inheritdoc/>
    protected override void Update(ParameterGroup group, int index, Tensor parameter, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(parameter);
        parameter.AddInPlace(Direction(group, index, parameter, gradient), -group.LearningRate);
    }

    private Tensor Direction(ParameterGroup group, int index, Tensor parameter, Tensor gradient)
    {
        if (group.Momentum == 0)
        {
            return WithDecay(group, parameter, gradient);
        }

        if (Recall(index, Buffer) is not { } velocity)
        {
            velocity = Remember(index, Buffer, WithDecay(group, parameter, gradient).Clone());
        }
        else
        {
            // Two in-place sums instead of one copy of the gradient with its decay.
            velocity.MulInPlace(group.Momentum);
            velocity.AddInPlace(gradient, 1 - _options.Dampening);
            if (group.WeightDecay != 0)
            {
                velocity.AddInPlace(parameter, (1 - _options.Dampening) * group.WeightDecay);
            }
        }

        return _options.Nesterov
            ? WithDecay(group, parameter, gradient) + velocity * group.Momentum
            : velocity;
    }

    private static Tensor WithDecay(ParameterGroup group, Tensor parameter, Tensor gradient) =>
        group.WeightDecay == 0 ? gradient : gradient + parameter * group.WeightDecay;
}
