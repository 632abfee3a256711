using MMDetSharp.Core.Registry;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Optimizers;

namespace MMDetSharp.Engine.Training;

/// <summary>Builds optimizers from configs: <c>optimizer = dict(type='SGD', lr=0.01, ...)</c>.</summary>
internal static class OptimizerRegistry
{
    private const double AdamWDecay = 0.01;

    private static readonly ContextRegistry<Optimizer, Module> Table = new("optimizer", new()
    {
        ["SGD"] = Sgd,
        ["Adam"] = (reader, model) => Adam(reader, model, decoupled: false),
        ["AdamW"] = (reader, model) => Adam(reader, model, decoupled: true),
        ["RMSprop"] = RmsProp,
    });

    /// <summary>The optimizer of all parameters of a model, in groups as <c>paramwise_cfg</c> says.</summary>
    /// <param name="reader">The node <c>optimizer</c>.</param>
    /// <param name="model">On its device already.</param>
    internal static Optimizer Build(ConfigReader reader, Module model) => Table.Build(reader, model);

    private static Sgd Sgd(ConfigReader reader, Module model) => new(
        Groups(reader, model, new(reader.Float("lr"), reader.FloatOrNull("weight_decay"))),
        new SgdOptions
        {
            Momentum = reader.Float("momentum", 0),
            Dampening = reader.Float("dampening", 0),
            Nesterov = reader.Bool("nesterov", false),
        });

    private static Adam Adam(ConfigReader reader, Module model, bool decoupled)
    {
        var rate = new BaseRate(
            reader.Float("lr", 1e-3), reader.FloatOrNull("weight_decay"), decoupled ? AdamWDecay : 0);
        var (beta1, beta2) = reader.FloatPairOrNull("betas") ?? (0.9, 0.999);
        return new Adam(Groups(reader, model, rate), new AdamOptions
        {
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = reader.Float("eps", 1e-8),
            AmsGrad = reader.Bool("amsgrad", false),
            DecoupledWeightDecay = decoupled,
        });
    }

    private static RmsProp RmsProp(ConfigReader reader, Module model) => new(
        Groups(reader, model, new(reader.Float("lr", 1e-2), reader.FloatOrNull("weight_decay"))),
        new RmsPropOptions
        {
            Alpha = reader.Float("alpha", 0.99),
            Epsilon = reader.Float("eps", 1e-8),
            Momentum = reader.Float("momentum", 0),
            Centered = reader.Bool("centered", false),
        });

    private static IReadOnlyList<ParameterGroup> Groups(ConfigReader reader, Module model, BaseRate rate)
    {
        reader.Ignore("constructor");
        var paramwise = reader.NodeOrNull("paramwise_cfg");
        return ParameterGroups.Build(model, rate, paramwise is null || paramwise.Source.Count == 0 ? null : Read(paramwise));
    }

    private static ParamwiseOptions Read(ConfigReader reader)
    {
        var options = new ParamwiseOptions
        {
            BiasLrMult = reader.Float("bias_lr_mult", 1),
            BiasDecayMult = reader.FloatOrNull("bias_decay_mult"),
            NormDecayMult = reader.FloatOrNull("norm_decay_mult"),
            DepthwiseDecayMult = reader.FloatOrNull("dwconv_decay_mult"),
            DcnOffsetLrMult = reader.Float("dcn_offset_lr_mult", 1),
            BypassDuplicate = reader.Bool("bypass_duplicate", false),
            CustomKeys = reader.NodeOrNull("custom_keys") is { } keys ? CustomKeys(keys) : [],
        };
        reader.Done();
        return options;
    }

    private static CustomKey[] CustomKeys(ConfigReader keys) =>
        [.. keys.Source.Entries.Select(entry => Custom(keys, entry.Name))];

    private static CustomKey Custom(ConfigReader keys, string name)
    {
        var reader = keys.Node(name);
        var key = new CustomKey(name, reader.Float("lr_mult", 1), reader.FloatOrNull("decay_mult"));
        reader.Done();
        return key;
    }
}
