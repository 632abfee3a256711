using System.Globalization;

using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>Necks that run one after the other, as a config's list of necks; their keys begin with 0, 1, ...</summary>
public sealed class NeckSequence : Neck
{
    private readonly Neck[] _necks;

    /// <param name="necks">First to last, at least one; owned from now on.</param>
    public NeckSequence(params IEnumerable<Neck> necks)
    {
        _necks = [.. necks];
        for (var i = 0; i < _necks.Length; i++)
        {
            RegisterChild(i.ToString(CultureInfo.InvariantCulture), _necks[i]);
        }
    }

    /// <summary>The plan of necks that run one after the other.</summary>
    internal static NeckPlan Plan(IReadOnlyList<NeckPlan> necks) => new(
        inputs => necks.Aggregate(inputs, (maps, neck) => neck.Connect(maps)),
        () => new NeckSequence(necks.Select(neck => neck.Create())));

    /// <inheritdoc/>
    protected override Tensor[] Forward(Tensor[] features) =>
        _necks.Aggregate(features, (maps, neck) => neck.Call(maps));
}
